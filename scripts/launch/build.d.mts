/** The program to run: `packages/server/dist/…/main.js`, built when a source has changed, or the sources as they are. */
export function ensureBuilt(root: string): Promise<string>;
