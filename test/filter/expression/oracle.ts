// What the installed tcpdump says of filters over files: many questions, answered by few processes at once.

import { spawn } from 'node:child_process';

export interface Question {
  readonly file: string;
  readonly flags: readonly ('--count' | '-d' | '-O')[];
  readonly expression: string;
}

export interface Answer {
  readonly status: number;
  readonly out: string;
  /** Without `reading from file …` and `tcpdump: `. */
  readonly error: string;
}

/** Answers questions one after the other: three fields in, three fields out, each ended by a NUL. */
const SCRIPT = `
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
while IFS= read -r -d '' flags && IFS= read -r -d '' file && IFS= read -r -d '' expression; do
  timeout 20 tcpdump -r "$file" $flags -- "$expression" >"$folder/out" 2>"$folder/err"
  printf '%s\\0%s\\0%s\\0' "$?" "$(<"$folder/out")" "$(<"$folder/err")"
done`;

function askOne(questions: readonly Question[]): Promise<Answer[]> {
  const child = spawn('bash', ['-c', SCRIPT], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(
    questions.map(({ file, flags, expression }) => `${flags.join(' ')}\0${file}\0${expression}\0`).join(''),
  );
  const chunks: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  return new Promise((done, fail) => {
    child.on('error', fail).on('close', () => {
      const fields = Buffer.concat(chunks).toString('latin1').split('\0');
      done(
        questions.map((_, i) => ({
          status: Number(fields[3 * i]),
          out: fields[3 * i + 1]!,
          error: fields[3 * i + 2]!.split('\n')
            .filter((line) => !/^(reading from file|Warning: )/.test(line))
            .join('\n')
            .replace(/^tcpdump: /, ''),
        })),
      );
    });
  });
}

/** @returns tcpdump's answers, in the questions' order */
export async function askTcpdump(questions: readonly Question[], processes = 2): Promise<Answer[]> {
  const shares = Array.from({ length: processes }, (_, i) => questions.filter((_, q) => q % processes === i));
  const answers = await Promise.all(shares.map(askOne));
  return questions.map((_, q) => answers[q % processes]![Math.floor(q / processes)]!);
}
