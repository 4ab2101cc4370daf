import type { FaultPath } from '../admin/fault.ts';

/** One thing wrong with the configuration, where a person can find it. */
export type ConfigFault = Readonly<{
  /** `signet.yaml:12:5`, or the name of the environment variable. */
  where: string;
  /** `clients[0].redirect_uris[1]`; empty when the fault is in no single key. */
  key: string;
  /** A sentence whose subject is the key. */
  message: string;
  /** The known key that was probably meant. */
  nearest?: string;
}>;

/** A path as people write it: `clients[0].redirect_uris[1]`. */
export function formatPath(path: FaultPath): string {
  const steps = path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${printable(step)}`));
  return steps.join('').replace(/^\./, '');
}

/** Text for a terminal: one fault a line, in the order of the file. */
export function formatFaults(faults: readonly ConfigFault[]): string {
  const width = Math.min(40, Math.max(0, ...faults.map((fault) => fault.where.length)));
  const lines = faults
    .toSorted((left, right) => position(left) - position(right))
    .map(
      (fault) =>
        `  ${printable(fault.where).padEnd(width)}  ${fault.key === '' ? '' : `${fault.key} `}${fault.message}`,
    );
  const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  return [`The configuration has ${count}:`, '', ...lines, ''].join('\n');
}

/** What comes from no file comes last. */
function position(fault: ConfigFault): number {
  const [, line, column] = /:(\d+):(\d+)$/.exec(fault.where) ?? [];
  return line === undefined ? Number.MAX_SAFE_INTEGER : Number(line) * 1e6 + Number(column);
}

/** Escapes what could move the cursor of a terminal. */
function printable(text: string): string {
  return text.replaceAll(
    /[\p{Cc}\p{Cf}]/gu,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
