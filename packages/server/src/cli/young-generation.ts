import { setFlagsFromString } from 'node:v8';

/**
 * Keeps V8's room for new objects as small as it begins. Loading a program makes much that is thrown away at once; the room that would
 * grow for it, some 12 MB, is never given back.
 */
export const holdYoungGeneration = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** Lets that room grow again, with the load, as V8 does by itself. */
export const releaseYoungGeneration = (): void => setFlagsFromString('--semi-space-growth-factor=2');
