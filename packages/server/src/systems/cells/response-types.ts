const sorted = (words: string): string => words.split(' ').sort().join(' ');

/**
 * The response types that a client can use with its grant types (RFC 7591 §2.1). Lists of Cells name `token` and `id_token` for clients
 * that have no implicit grant, for which its server refuses them later.
 */
export function usableResponseTypes(
  types: readonly string[],
  grants: readonly string[],
): readonly string[] | undefined {
  const usable = types.filter((type) => {
    const words = type.split(' ');
    const needsImplicit = words.some((word) => word !== 'code');
    return (
      (!words.includes('code') || grants.includes('authorization_code')) &&
      (!needsImplicit || grants.includes('implicit'))
    );
  });
  const each = [...new Map(usable.map((type) => [sorted(type), type])).values()];
  return each.length === 0 ? undefined : each;
}
