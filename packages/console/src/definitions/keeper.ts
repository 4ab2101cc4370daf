const KEEPERS: Readonly<Record<string, string>> = {
  profile: 'the profile',
  file: 'the configuration file',
  'built-in': 'Signet itself',
};

/** Who wrote something last, in words. */
export const keeperOf = (source: unknown): string =>
  typeof source === 'string' ? (KEEPERS[source] ?? 'hand') : '—';
