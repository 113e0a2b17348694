// What replies of NFS say, when the call they are replies to is known. Sources: RFC 1094, RFC 1813, RFC 5531.

import { completes, OVERRUN } from '../../endings.js';
import { hex, wordOf } from '../../inline.js';
import type { Printer } from '../../printer.js';
import type { KnownCall } from './calls.js';
import { ERRORS, REFUSALS } from './errors.js';
import { NfsFields, Procedure, printProcedure, WRITE_MODES } from './fields.js';
import { Reply } from './sunrpc.js';

const SUCCESS = 0;
const STATISTICS_2 = 20;
const STATISTICS_3 = 52;
const INFORMATION = 48;
const PATHS = 24;
const BEFORE = 24;
const ATTRIBUTES_3 = 84;

/** The results in the accepted reply at `offset`, `length` bytes long. */
export function printResults(p: Printer, offset: number, length: number, call: KnownCall): void {
  const procedure = printProcedure(p, call.version, call.procedure);
  const print = RESULTS[procedure];
  if (print === undefined) return;
  const results = new Results(p, offset + Reply.VERIFIER, call.version);
  const whole = completes(() => {
    results.accepted(length);
    print(results);
  });
  if (!whole && !results.failed) p.truncated();
}

/** The fields of replies. */
class Results extends NfsFields {
  /** An error was printed: that fields are missing behind it is no surprise. */
  failed = false;

  /** Goes past the verifier and sees whether the server did what it was called for. */
  accepted(length: number): void {
    const verifier = this.p.u32(this.at + 4);
    if (verifier >= length) throw OVERRUN;
    this.pass(8 + Math.ceil(verifier / 4) * 4);
    const status = this.u32();
    if (status === SUCCESS) return;
    this.p.text(` ${wordOf(REFUSALS, status, 'ar_stat %u')}`);
    this.failed = true;
    throw OVERRUN;
  }

  /** @returns whether the server did it */
  status(): boolean {
    const error = this.u32();
    if (error === 0) return true;
    if (!this.p.options.quiet) this.p.text(` ERROR: ${wordOf(ERRORS, error, 'unk %u')}`);
    this.failed = true;
    return false;
  }

  /** Text with -v. */
  label(text: string): void {
    if (this.verbose > 0) this.p.text(text);
  }

  /** Attributes after the operation, if they are there. */
  after(): void {
    if (this.u32() === 0) return;
    if (this.verbose > 0) this.attributes(this.verbose, true);
    else this.pass(ATTRIBUTES_3);
  }

  /** Size and times before the operation and attributes after it. */
  change(): void {
    const { p } = this;
    if (this.verbose > 1) p.text(' PRE:');
    if (this.u32() !== 0) {
      const { at } = this;
      this.askCaptured(BEFORE);
      if (this.verbose > 1) {
        p.text(` sz ${p.u64(at)} mtime ${this.time(at + 8)} ctime ${this.time(at + 16)}`);
      }
      this.pass(BEFORE);
    }
    this.label(' POST:');
    this.after();
  }

  /** Version 2's status and attributes. */
  attributesIfDone(verbose: number, v3 = false): void {
    if (this.status()) this.attributes(verbose, v3);
  }

  /** The handle of what was made or found, and its attributes, in version 2. */
  object(): void {
    if (!this.status()) return;
    this.handle(false);
    this.attributes(this.verbose, false);
  }

  /** What was made, in version 3, and the change of its directory. */
  made(): void {
    if (!this.status()) {
      this.change();
      return;
    }
    if (this.u32() === 0) return;
    this.handle(true);
    if (this.verbose < 1) return;
    this.after();
    if (this.verbose > 1) {
      this.p.text(' dir attr:');
      this.change();
    }
  }

  /** The number that changes when a server forgets what was not written yet. */
  writeVerifier(offset: number): void {
    this.p.text(` verf ${this.p.u64(offset).toString(16)}`);
  }
}

/** What one version says, and the other. */
const either =
  (three: (r: Results) => void, two: (r: Results) => void) =>
  (r: Results): void =>
    r.v3 ? three(r) : two(r);

const done = (r: Results): void => {
  r.status();
};
const statusAndChange = (r: Results): void => {
  r.status();
  r.change();
};
const made = (r: Results): void => r.made();
const object = (r: Results): void => r.object();

const RESULTS: { readonly [procedure: number]: (r: Results) => void } = {
  [Procedure.GETATTR]: (r) => r.attributesIfDone(attributeLevel(r), r.v3),
  [Procedure.SETATTR]: either(statusAndChange, (r) => r.attributesIfDone(attributeLevel(r))),
  [Procedure.LOOKUP]: either(found, object),
  [Procedure.ACCESS]: (r) => {
    const allowed = r.status();
    r.label(' attr:');
    r.after();
    if (allowed) r.p.text(` c ${hex(r.u32(), 4)}`);
  },
  [Procedure.READLINK]: (r) => {
    if (!r.status()) return;
    if (r.v3) r.after();
    r.p.char(32);
    r.name();
  },
  [Procedure.READ]: either(
    (r) => {
      const read = r.status();
      r.after();
      if (!read || r.verbose < 1) return;
      r.p.text(` ${r.u32()} bytes`);
      if (r.u32() !== 0) r.p.text(' EOF');
    },
    (r) => r.attributesIfDone(r.verbose),
  ),
  [Procedure.WRITE]: either(written, (r) => r.attributesIfDone(r.verbose)),
  [Procedure.CREATE]: either(made, object),
  [Procedure.MKDIR]: either(made, object),
  [Procedure.SYMLINK]: either(made, done),
  [Procedure.MKNOD]: made,
  [Procedure.REMOVE]: either(statusAndChange, done),
  [Procedure.RMDIR]: either(statusAndChange, done),
  [Procedure.RENAME]: either((r) => {
    r.status();
    if (r.verbose < 1) return;
    r.p.text(' from:');
    r.change();
    r.p.text(' to:');
    r.change();
  }, done),
  [Procedure.LINK]: either((r) => {
    r.status();
    if (r.verbose < 1) return;
    r.p.text(' file POST:');
    r.after();
    r.p.text(' dir:');
    r.change();
  }, done),
  [Procedure.READDIR]: either(directory, (r) => {
    if (!r.status() || r.p.options.quiet) return;
    r.p.text(` offset 0x${hex(r.p.u32(r.at))} size ${r.p.u32(r.at + 4)} `);
    if (r.p.u32(r.at + 8) !== 0) r.p.text(' eof');
  }),
  [Procedure.READDIRPLUS]: directory,
  [Procedure.FSSTAT]: statistics,
  [Procedure.FSINFO]: information,
  [Procedure.PATHCONF]: paths,
  [Procedure.COMMIT]: (r) => {
    statusAndChange(r);
    if (r.verbose > 1) r.writeVerifier(r.at);
  },
};

/** How much of the attributes that were asked for is shown: not more with -v. */
function attributeLevel(r: Results): number {
  return r.p.options.quiet ? 0 : 1;
}

function found(r: Results): void {
  if (r.status()) {
    r.handle();
    r.after();
  }
  if (r.verbose < 2) return;
  r.p.text(' post dattr:');
  r.after();
}

function written(r: Results): void {
  const done = r.status();
  r.change();
  if (!done || r.verbose < 1) return;
  const { p, at } = r;
  p.text(` ${p.u32(at)} bytes`);
  if (r.verbose < 2) return;
  p.text(` <${wordOf(WRITE_MODES, p.u32(at + 4), '#%d')}>`);
  r.writeVerifier(at + 8);
}

function directory(r: Results): void {
  const read = r.status();
  r.label(' POST:');
  r.after();
  if (read && r.verbose > 0) r.p.text(` verf ${hex(r.p.u32(r.at), 8)}${hex(r.p.u32(r.at + 4), 8)}`);
}

function statistics(r: Results): void {
  const { p, v3 } = r;
  if (!r.status() && !v3) return;
  if (p.options.quiet) return;
  if (v3) {
    r.label(' POST:');
    r.after();
  }
  const { at } = r;
  r.askCaptured(v3 ? STATISTICS_3 : STATISTICS_2);
  if (v3) {
    p.text(` tbytes ${p.u64(at)} fbytes ${p.u64(at + 8)} abytes ${p.u64(at + 16)}`);
    if (r.verbose < 1) return;
    p.text(` tfiles ${p.u64(at + 24)} ffiles ${p.u64(at + 32)} afiles ${p.u64(at + 40)}`);
    p.text(` invar ${p.u32(at + 48)}`);
  } else {
    const names = ['tsize', 'bsize', 'blocks', 'bfree', 'bavail'];
    names.forEach((name, i) => {
      p.text(` ${name} ${p.u32(at + 4 * i)}`);
    });
  }
}

function information(r: Results): void {
  const known = r.status();
  r.label(' POST:');
  r.after();
  if (!known) return;
  const { p, at } = r;
  r.askCaptured(INFORMATION);
  p.text(` rtmax ${p.u32(at)} rtpref ${p.u32(at + 4)}`);
  p.text(` wtmax ${p.u32(at + 12)} wtpref ${p.u32(at + 16)} dtpref ${p.u32(at + 24)}`);
  if (r.verbose < 1) return;
  p.text(` rtmult ${p.u32(at + 8)} wtmult ${p.u32(at + 20)} maxfsz ${p.u64(at + 28)}`);
  p.text(` delta ${r.time(at + 36)} `);
}

function paths(r: Results): void {
  const known = r.status();
  r.label(' POST:');
  r.after();
  if (!known) return;
  const { p, at } = r;
  r.askCaptured(PATHS);
  const words = ['notrunc', 'chownres', 'igncase', 'keepcase'];
  const set = words.map((word, i) => (p.u32(at + 8 + 4 * i) === 0 ? '' : word));
  p.text(` linkmax ${p.u32(at)} namemax ${p.u32(at + 4)} ${set.join(' ')}`);
}
