/** Builds the console's pages into `packages/console/dist/…` when one of their sources has changed. */
export function ensureConsoleBuilt(root: string): Promise<void>;
