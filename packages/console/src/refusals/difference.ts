/** A piece of a text, and whether it differs from the other text. */
export type Piece = Readonly<{ text: string; differs: boolean }>;

/** Two texts cut where they differ. */
export type Difference = Readonly<{ sent: readonly Piece[]; registered: readonly Piece[] }>;

/** The parts of an address that are usually wrong as a whole: scheme, host, port, path, query. */
const PARTS = /^([a-z][a-z0-9+.-]*:)(\/\/[^/?#:]*)?(:[0-9]*)?([^?#]*)(.*)$/is;

/** Marks the characters that differ, part by part of an address, so that one wrong letter does not hide the next. */
export function difference(sentText: string, registeredText: string): Difference {
  const sentParts = PARTS.exec(sentText)?.slice(1) ?? [sentText];
  const registeredParts = PARTS.exec(registeredText)?.slice(1) ?? [registeredText];
  const isAlike = sentParts.length === registeredParts.length;
  const pairs = isAlike
    ? sentParts.map((part, index) => [part ?? '', registeredParts[index] ?? ''] as const)
    : [[sentText, registeredText] as const];
  const cut = pairs.map(([one, other]) => betweenEnds(one, other));
  return { sent: cut.flatMap(({ sent }) => sent), registered: cut.flatMap(({ registered }) => registered) };
}

/** What two texts begin and end with alike is the same; what lies between differs. By code points, so that none is cut in two. */
function betweenEnds(sentText: string, registeredText: string): Difference {
  const sent = [...sentText];
  const registered = [...registeredText];
  const most = Math.min(sent.length, registered.length);
  let start = 0;
  while (start < most && sent[start] === registered[start]) start += 1;
  let end = 0;
  while (end < most - start && sent.at(-1 - end) === registered.at(-1 - end)) end += 1;
  const pieces = (text: readonly string[]): readonly Piece[] =>
    [
      { text: text.slice(0, start).join(''), differs: false },
      { text: text.slice(start, text.length - end).join(''), differs: true },
      { text: text.slice(text.length - end).join(''), differs: false },
    ].filter((piece) => piece.text !== '');
  return { sent: pieces(sent), registered: pieces(registered) };
}

/** The registered values, the one most alike first. */
export function byLikeness(sent: string, registered: readonly string[]): readonly string[] {
  const differing = (value: string): number => {
    const { sent: ours, registered: theirs } = difference(sent, value);
    return [...ours, ...theirs].reduce((sum, { text, differs }) => sum + (differs ? text.length : 0), 0);
  };
  return registered.toSorted((one, other) => differing(one) - differing(other));
}

/** What the difference probably is, in words; undefined when nothing usual fits. */
export function probableCause(sentText: string, registeredText: string): string | undefined {
  if (sentText === `${registeredText}/`)
    return 'The application sends a slash at the end that is not registered.';
  if (`${sentText}/` === registeredText) return 'The application leaves out the slash at the end.';
  if (!URL.canParse(sentText) || !URL.canParse(registeredText)) return undefined;
  if (sentText.toLowerCase() === registeredText.toLowerCase()) return 'Capital and small letters differ.';
  const found = causes(new URL(sentText), new URL(registeredText));
  return found.length === 0 ? undefined : found.join(' ');
}

function causes(sent: URL, registered: URL): readonly string[] {
  const scheme = registered.protocol.slice(0, -1);
  const port = (url: URL): string => (url.port === '' ? 'the usual one' : url.port);
  return [
    ...(sent.protocol === registered.protocol
      ? []
      : [
          `The scheme is ${sent.protocol.slice(0, -1)} in the place of ${scheme}: behind a proxy, tell the application that it is reached by ${scheme}.`,
        ]),
    ...(sent.hostname === registered.hostname
      ? []
      : [`The host is ${sent.hostname} in the place of ${registered.hostname}.`]),
    ...(sent.port === registered.port
      ? []
      : [`The port is ${port(sent)} in the place of ${port(registered)}.`]),
    ...pathCause(sent.pathname, registered.pathname),
    ...(sent.search === registered.search ? [] : ['The query differs.']),
  ];
}

function pathCause(sent: string, registered: string): readonly string[] {
  if (sent === registered) return [];
  if (sent === `${registered}/`) return ['The path has a slash at its end that is not registered.'];
  return `${sent}/` === registered ? ['The path lacks the slash at its end.'] : ['The path differs.'];
}
