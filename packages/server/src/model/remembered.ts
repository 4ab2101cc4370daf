const MOST = 500;
const LONGEST = 1000;

/**
 * The same function, with its last results kept: for texts of which the same few come with nearly every request. A stranger who sends
 * many others empties it, and gains nothing.
 */
export function remembered<Result>(make: (text: string) => Result): (text: string) => Result {
  const known = new Map<string, Result>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (text.length > LONGEST) return made;
    if (known.size >= MOST) known.clear();
    known.set(text, made);
    return made;
  };
}
