// What a run has to say while it goes on, as data: a front end words it (cli/words.ts), or shows it in its own way.

export type Notice =
  /** A file is open, and about to be read. */
  | {
      readonly kind: 'reading';
      readonly path: string;
      readonly linkType: number;
      readonly snapshotLength: number;
    }
  /** A file has its interfaces' numbers alone: their names are this machine's. */
  | { readonly kind: 'interface-names' }
  /** One of several files broke off; the others are read. */
  | { readonly kind: 'broken-file'; readonly error: Error }
  /** The packet filter makes no sense for packets of a link type: none of them matches. */
  | { readonly kind: 'no-match'; readonly linkType: number; readonly reason: string }
  /** The name of the file to write promises what the file is not. */
  | {
      readonly kind: 'file-name';
      readonly path: string;
      readonly promises: 'compression' | 'pcap' | 'pcapng';
      /** Whether files are copied. */
      readonly copy: boolean;
    }
  /** The file to write holds of processes what some letters ask for alone. */
  | { readonly kind: 'file-letters'; readonly path: string; readonly letters: string }
  /** As many files are written as may be: the run ends. */
  | { readonly kind: 'file-limit'; readonly files: number }
  /** Packets were left out of a file that holds one link type alone. */
  | { readonly kind: 'left-out'; readonly path: string; readonly packets: number; readonly linkType: number }
  /** Something is done with less, or not at all. */
  | { readonly kind: 'warning'; readonly message: string }
  /** An option of printing has a wrong value. */
  | { readonly kind: 'print-warning'; readonly message: string }
  /** The run ends before its time. */
  | { readonly kind: 'failed'; readonly error: Error };
