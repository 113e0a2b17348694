// The views that have options of their own.

import { TOP } from '../top/arguments.js';
import type { ViewCommand } from '../views.js';
import { WEB } from '../web/arguments.js';

export const VIEW_COMMANDS: readonly ViewCommand[] = [TOP, WEB];
