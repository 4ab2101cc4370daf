import { spawn } from 'node:child_process';

/** The program that opens an address in the person's browser, by system. The address is one argument, and no shell reads it. */
const OPENERS: Partial<Record<NodeJS.Platform, readonly [program: string, ...before: string[]]>> = {
  darwin: ['open'],
  win32: ['rundll32', 'url.dll,FileProtocolHandler'],
};

/** Opens the system's browser; whether that worked is seen by what comes back. */
export function openBrowser(address: string): void {
  const [program, ...before] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...before, address], { stdio: 'ignore', detached: true });
  // Where there is none, the person opens the address that is printed.
  child.on('error', () => undefined);
  child.unref();
}
