// In place of src/builtin.ts, where there is no Node.

/** Nobody is left who asks: what needs Node has another form in the bundle. */
export function builtin(name: string): never {
  throw new Error(`there is no ${name} in a browser`);
}

export const milliseconds = (): number => performance.now();

/** Lets timers, messages and what else waits have their turn. A timer would wait longer: 4 ms, and a second behind other tabs. */
export function turn(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    const mine = port1 as { onmessage?: () => void };
    mine.onmessage = (): void => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
