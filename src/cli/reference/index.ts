// What is made of the table of options at the build and by `npm run docs`: nothing of it is loaded by a run but --help.

export { bashCompletion, fishCompletion, zshCompletion } from './completions.js';
export { help, viewHelp } from './help.js';
export { manualPage } from './man.js';
export { optionsDocument } from './map.js';
export { VIEW_COMMANDS } from './viewcommands.js';
