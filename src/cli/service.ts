// A run that a service manager started: it is told when the capture has begun, that we are alive, and that we end. Loaded where there is one.

import { loadNotifier, type Notifier } from '../system/index.js';

/** What the manager put into our environment, for this process alone. Source: sd_notify(3), sd_watchdog_enabled(3). */
function takeVariables(): { socket: string; watchdog: number } {
  const { NOTIFY_SOCKET: socket = '', WATCHDOG_USEC: microseconds = '', WATCHDOG_PID: pid } = process.env;
  // The command behind `--` is another process.
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete process.env[name];
  const ours = pid === undefined || Number(pid) === process.pid;
  return { socket, watchdog: ours && /^\d+$/.test(microseconds) ? Number(microseconds) / 1000 : 0 };
}

/** The service that we are. */
export class Service {
  private timer: NodeJS.Timeout | null = null;

  private constructor(
    private readonly notifier: Notifier,
    private readonly watchdog: number,
  ) {}

  /**
   * Connects, while that is not refused yet.
   * @throws Error why there is no telling it
   */
  static async open(): Promise<Service> {
    const { socket, watchdog } = takeVariables();
    const { Notifier } = await loadNotifier();
    return new Service(Notifier.open(socket), watchdog);
  }

  /** The capture has begun. From now on the manager hears from the thread that captures, as long as that one gets on. */
  begin(status: string): void {
    this.notifier.say(`READY=1\nSTATUS=${status}`);
    if (this.watchdog > 0)
      this.timer = setInterval(() => this.notifier.say('WATCHDOG=1'), Math.max(1, this.watchdog / 2));
    this.timer?.unref();
  }

  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    this.notifier.say('STOPPING=1');
  }
}
