import { createReadStream } from 'node:fs';
import { CommandError } from './command-error.ts';

/** The whole text of a file, or of standard input for `-`; refused when it is larger than `mostBytes`, unreadable or not UTF-8. */
export async function readText(path: string, mostBytes: number): Promise<string> {
  const name = path === '-' ? 'Standard input' : `The file ${path}`;
  const bytes = await readBytes(path, mostBytes).catch((fault: unknown) => {
    throw new CommandError('usage', `${name} ${reasonOf(fault)}.`);
  });
  if (bytes === undefined) {
    throw new CommandError('usage', `${name} is larger than ${mostBytes / 1024} kB.`);
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new CommandError('usage', `${name} is not a text in UTF-8.`);
  }
}

async function readBytes(path: string, mostBytes: number): Promise<Buffer | undefined> {
  const stream = path === '-' ? process.stdin : createReadStream(path);
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk as Uint8Array);
    length += bytes.length;
    if (length > mostBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

/** What the system says about a file, as the end of a sentence. */
export function reasonOf(fault: unknown): string {
  const code = fault instanceof Error && 'code' in fault ? fault.code : undefined;
  if (code === 'ENOENT') return 'is not there';
  if (code === 'EISDIR') return 'is a folder';
  if (code === 'EACCES' || code === 'EPERM') return 'may not be read by this user';
  return `cannot be read (${fault instanceof Error ? fault.message : String(fault)})`;
}
