/** Milliseconds since 1970. The one place where this package asks the machine for the time. */
export const systemClock = (): number => Date.now();
