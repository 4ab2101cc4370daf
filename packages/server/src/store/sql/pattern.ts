/** The pattern of LIKE, with a backslash as its escape, for texts that hold this one; capitals are made small here. */
export const containing = (text: string): string =>
  `%${text.toLowerCase().replaceAll(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
