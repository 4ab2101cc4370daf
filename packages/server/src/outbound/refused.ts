/** An outbound request that must not be made, or an answer that must not be read. Apart from the client of HTTP, which is loaded at first need. */
export class OutboundRefused extends Error {
  override name = 'OutboundRefused';
}
