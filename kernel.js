// Builds the tap's eBPF object and what TypeScript knows of it, where there is Linux. Elsewhere nothing loads the object, and what is known
// of it is in the repository. Run by `npm run build`, before tsc.

import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';

const MADE = ['src/tap/linux/ebpf/layouts.ts', 'src/filter/metadata/layouts.ts'];

if (process.platform === 'linux') {
  execFileSync('make', ['-s', '-C', 'kernel'], { stdio: 'inherit' });
  await import('./layouts.js');
} else {
  const missing = MADE.filter((file) => !existsSync(file));
  if (missing.length > 0) throw new Error(`${missing.join(', ')}: made on Linux alone, and not there`);
  mkdirSync('dist', { recursive: true });
  if (!existsSync('dist/kernel/tap.o'))
    console.error("the eBPF object is Linux's: not built (a package made here lacks it)");
}
