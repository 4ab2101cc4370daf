type Piece = { kind: 'code' | 'comment' | 'string'; end: number };

const PLAIN_CODE = /[^'"`/{}]+/y;
const STRING = /'(?:[^'\\\n]|\\.)*'?|"(?:[^"\\\n]|\\.)*"?/sy;
const COMMENT = /\/\/[^\n]*|\/\*.*?(?:\*\/|$)/sy;
const REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y;
/** From a backtick, or from the brace that ends an expression, to the next expression or the closing backtick. */
const TEMPLATE_PART = /[`}](?:[^`\\$]|\\.|\$(?!\{))*(?:`|\$\{|$)/sy;
/** After one of these a slash begins a regular expression; after anything else it divides. */
const BEFORE_REGEX = /(?:^|[(,=:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of|await|yield))\s*$/;

/**
 * TypeScript with its comments, and on wish the inside of its strings, turned into spaces.
 * Every other character stays where it was, and so does every line break.
 */
export function blankComments(text: string, strings: 'keep' | 'blank' = 'keep'): string {
  // For each template around us, how many braces are open inside its current expression.
  const templates: number[] = [];
  let blanked = '';
  while (blanked.length < text.length) {
    const at = blanked.length;
    const { kind, end } = pieceAt(text, at, blanked, templates);
    const piece = text.slice(at, end);
    if (kind === 'comment') blanked += spaces(piece);
    else if (kind === 'string' && strings === 'blank')
      blanked += piece.charAt(0) + spaces(piece.slice(1, -1)) + piece.slice(1).slice(-1);
    else blanked += piece;
  }
  return blanked;
}

function pieceAt(text: string, at: number, before: string, templates: number[]): Piece {
  const char = text.charAt(at);
  const depth = templates.at(-1);
  if (char === '`' || (char === '}' && depth === 0)) {
    if (char === '}') templates.pop();
    const end = endOf(TEMPLATE_PART, text, at);
    if (text.slice(at, end).endsWith('${')) templates.push(0);
    return { kind: 'string', end };
  }
  if (depth !== undefined && char === '{') templates[templates.length - 1] = depth + 1;
  if (depth !== undefined && char === '}') templates[templates.length - 1] = depth - 1;
  if (char === "'" || char === '"') return { kind: 'string', end: endOf(STRING, text, at) };
  if (char === '/') {
    const comment = endOf(COMMENT, text, at);
    if (comment > at + 1) return { kind: 'comment', end: comment };
    const regex = BEFORE_REGEX.test(before.slice(-40)) ? endOf(REGEX, text, at) : at + 1;
    return { kind: regex > at + 1 ? 'string' : 'code', end: regex };
  }
  return { kind: 'code', end: endOf(PLAIN_CODE, text, at) };
}

/** Where a match of the sticky `pattern` at `at` ends; one character further when there is none. */
function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at + 1;
}

function spaces(text: string): string {
  return text.replace(/[^\n]/g, ' ');
}
