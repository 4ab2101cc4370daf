// Plain JavaScript without dependencies: runs before anything is installed, on Node 18 and later.

/** A failure that the person at the terminal can act on: its message is shown, not its stack. */
export class LaunchError extends Error {}

/** Writes a sentence about progress to stderr, so that a command's own output stays clean. */
export function say(sentence) {
  process.stderr.write(`signet: ${sentence}\n`);
}

/** Ends this process with the exit code `main` resolves with, or with a plain sentence when it throws a LaunchError. */
export async function finish(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    say(error.message);
    process.exitCode = 1;
  }
}
