import { Parser } from 'htmlparser2';
import type { Block } from '../../../domain/layout/Block';
import { HtmlBlocks } from './HtmlBlocks';

/** Layout of an HTML document, while it is read. */
export async function* readHtml(
  parts: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<Block> {
  const blocks = new HtmlBlocks();
  const parser = new Parser(blocks, { decodeEntities: true });
  for await (const part of parts) {
    parser.write(part);
    yield* blocks.take();
  }
  parser.end();
  blocks.flush();
  yield* blocks.take();
}
