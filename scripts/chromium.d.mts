/** The path of a Chromium or Chrome that the tests can drive, or undefined. SIGNET_TEST_CHROMIUM overrides the search. */
export function findChromium(env?: NodeJS.ProcessEnv): string | undefined;
/** Whether that Chromium is one without windows. */
export function isShell(chromium: string): boolean;
