import { convertToHtml, images } from 'mammoth';
import type { Block } from '../../../domain/layout/Block';
import { PAGE_BREAK_CLASS } from './HtmlBlocks';
import { inspectZip } from './inspectZip';
import { readHtml } from './readHtml';
import { damaged } from './rejections';

const STYLES = [
  `br[type='page'] => hr.${PAGE_BREAK_CLASS}`,
  "p[style-name='Title'] => h1:fresh",
  "p[style-name='Subtitle'] => h2:fresh",
];

/** Layout of a Word document; pages end where its author put a page break. */
export async function* readDocx(path: string): AsyncGenerator<Block> {
  await inspectZip(path, 'docx');
  yield* readHtml([await toHtml(path)]);
}

async function toHtml(path: string): Promise<string> {
  try {
    const { value } = await convertToHtml(
      { path },
      {
        styleMap: STYLES,
        // Pictures would become text of several times their size.
        convertImage: images.imgElement(async () => ({ src: '' })),
      },
    );
    return value;
  } catch (error) {
    throw damaged('docx', error);
  }
}
