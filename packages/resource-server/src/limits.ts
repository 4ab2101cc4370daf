/** Bounds of what this package accepts and keeps: characters, bytes and seconds. */
export const limits = {
  /** Longest access token that is looked at, in characters. */
  tokenLength: 16 * 1024,
  /** Largest document read from the issuer, in bytes after decompression. */
  documentSize: 256 * 1024,
  /** How long a document of the issuer counts as fresh, whatever its Cache-Control says. */
  freshAtLeast: 60,
  freshUsually: 600,
  freshAtMost: 3600,
  /** How long the last good document is still used while the issuer does not answer. */
  staleFor: 24 * 3600,
  /** Pause after a failed request to the issuer: until then the answer is 503 (or the last good document). */
  pauseAfterFailure: 5,
  /** Pause between two requests for keys on account of unknown key ids. */
  pauseBetweenRenewals: 30,
  /** The same warning is given once in this time. */
  pauseBetweenWarnings: 60,
} as const;
