// In place of src/late.ts: what is loaded late lies in the bundle. Printers come all at once, when there is to be text (browser/text.ts).

const files = new Map<string, unknown>();

/** @param file its path from the folder of `late.ts`, with `./` and `.js` */
export function late<Module>(file: string): Module {
  return files.get(file) as Module;
}

/** Called by the bundle's list of printers. */
export function bring(file: string, module: unknown): void {
  files.set(file, module);
}
