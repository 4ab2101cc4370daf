import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK']).toString());

/** CPU microseconds that a process has used so far, over all its threads and the children it has buried (proc(5): /proc/PID/stat). */
export function cpuMicroseconds(pid: number): number {
  const fields = afterName(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  const [user, system, buriedUser, buriedSystem] = fields.slice(11, 15).map(Number);
  const ticks = (user ?? 0) + (system ?? 0) + (buriedUser ?? 0) + (buriedSystem ?? 0);
  return (ticks * 1e6) / ticksPerSecond;
}

/** CPU microseconds of a process's first thread alone: in Node, of its event loop. */
export function mainThreadMicroseconds(pid: number): number {
  const fields = afterName(readFileSync(`/proc/${pid}/task/${pid}/stat`, 'utf8'));
  return ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond;
}

/** The process that was started with these words in its command line, or undefined. */
export function processWith(...words: readonly string[]): number | undefined {
  const fits = (pid: string): boolean => {
    const command = commandLine(pid);
    return words.every((word) => command.includes(word));
  };
  const found = readdirSync('/proc').find((name) => /^\d+$/.test(name) && fits(name));
  return found === undefined ? undefined : Number(found);
}

function commandLine(pid: string): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // It ended meanwhile.
  }
}

/** Resident memory in bytes (VmRSS). */
export function residentBytes(pid: number): number {
  return kilobytes(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') * 1024;
}

/** Memory in bytes with shared pages divided among those who share them (PSS), or undefined where it may not be read. */
export function proportionalBytes(pid: number): number | undefined {
  try {
    return kilobytes(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'), 'Pss') * 1024;
  } catch {
    return undefined;
  }
}

/** The process and all its descendants: the workers of a server, the backends of a database. */
export function processTree(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const parent = parentOf(Number(name));
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (one: number): readonly number[] => [one, ...(children.get(one) ?? []).flatMap(below)];
  return below(pid);
}

function parentOf(pid: number): number {
  try {
    return Number(afterName(readFileSync(`/proc/${pid}/stat`, 'utf8'))[1]);
  } catch {
    return 0; // It ended meanwhile.
  }
}

/** The fields behind the program's name, which may hold blanks and brackets; the first is the state. */
const afterName = (stat: string): readonly string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
}
