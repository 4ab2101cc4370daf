/** Why a new password cannot be taken, or undefined. No rules of composition (NIST SP 800-63B-4 §3.1.1.2). */
export type PasswordFault = 'too-short' | 'too-long' | 'contains-name' | 'common';

export const SHORTEST_PASSWORD = 8;
const LONGEST = 256;

/** The most used passwords of eight characters and more; a longer list belongs to a filter file. */
const COMMON = new Set(
  (
    '12345678 123456789 1234567890 password password1 password123 passw0rd qwertyui qwerty123 qwertyuiop 1q2w3e4r 1qaz2wsx ' +
    'iloveyou sunshine princess football baseball superman trustno1 welcome1 abcd1234 abc12345 11111111 00000000 88888888 ' +
    '87654321 letmein1 admin123 administrator changeme changeit starwars whatever computer asdfghjk zxcvbnm1 michelle jennifer ' +
    'internet samantha corvette mercedes jordan23 liverpool chocolate butterfly signetsignet'
  ).split(' '),
);

export function passwordFault(password: string, username: string): PasswordFault | undefined {
  const characters = [...password].length;
  if (characters < SHORTEST_PASSWORD) return 'too-short';
  if (characters > LONGEST) return 'too-long';
  const plain = password.toLowerCase();
  if (plain === username.toLowerCase() || plain === [...username.toLowerCase()].toReversed().join(''))
    return 'contains-name';
  return COMMON.has(plain) || new Set(plain).size < 3 ? 'common' : undefined;
}
