/** Milliseconds between two rounds. */
export const MAINTENANCE_PERIOD = 60_000;

/** Runs `maintain` every minute, never twice at once, for as long as something else keeps the process alive. */
export function keepUp(maintain: () => Promise<void>, onFault: (fault: unknown) => void): void {
  let working = false;
  const round = async (): Promise<void> => {
    if (working) return;
    working = true;
    await maintain().catch(onFault);
    working = false;
  };
  setInterval(() => void round(), MAINTENANCE_PERIOD).unref();
}
