/** The time in milliseconds since 1970. The one source of time: it is passed as an argument so that a test can move it. */
export type Clock = () => number;

export const systemClock: Clock = () => Date.now();

/** Milliseconds to the whole seconds that JWTs and OAuth answers carry (RFC 7519 §2, NumericDate). */
export const inSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000);

/** A time in milliseconds as an ISO 8601 text, for listings and logs. */
export const isoTime = (milliseconds: number): string => new Date(milliseconds).toISOString();
