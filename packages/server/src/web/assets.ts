import { sha256 } from '../model/secret.ts';
import { ENHANCEMENTS } from './pages/enhancements.ts';
import { FAVICON } from './pages/icons.ts';
import { STYLESHEET } from './pages/style.ts';

/** A file that pages refer to. Its path changes with its content, so that a browser may keep it for good. */
export type Asset = Readonly<{ path: string; type: string; content: string }>;

const asset = (name: string, extension: string, type: string, content: string): Asset => ({
  path: `/assets/${name}.${sha256(content).toString('hex').slice(0, 12)}.${extension}`,
  type,
  content,
});

/** The only files there are: a name that is not listed does not exist. */
export const ASSETS = {
  stylesheet: asset('signet', 'css', 'text/css; charset=utf-8', STYLESHEET),
  icon: asset('signet', 'svg', 'image/svg+xml', FAVICON),
  script: asset('signet', 'js', 'text/javascript; charset=utf-8', ENHANCEMENTS),
} as const;

export const assetResponse = ({ type, content }: Asset): Response =>
  new Response(content, {
    headers: {
      'content-type': type,
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    },
  });
