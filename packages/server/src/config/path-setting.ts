import { textWith } from '../admin/client-metadata-fields.ts';

/** The name of a file. */
export const path = textWith(4096, (text) => (text.includes('\0') ? 'is not a path' : undefined));
