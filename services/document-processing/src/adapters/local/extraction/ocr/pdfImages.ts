import { getDocumentProxy, getResolvedPDFJS } from 'unpdf';
import {
  type GrayImage,
  type PdfImage,
  shrink,
  toGray,
  turn,
} from './GrayImage';

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>;
export type PdfPage = Awaited<ReturnType<PdfDocument['getPage']>>;

/** `a b c d e f`, as PDF has it. */
type Matrix = [number, number, number, number, number, number];

type Placed = { argument: any; matrix: Matrix };

/** Dots per inch that suffice to read; finer scans are made coarser. */
const ENOUGH_DPI = 300;

/** Parts of the page below which an image is decoration. */
const LEAST_AREA = 0.01;

/**
 * Images on a page that can be decoded, in the order in which they are painted, upright as
 * it is shown.
 */
export async function* pdfImages(page: PdfPage): AsyncGenerator<GrayImage> {
  const [left, bottom, right, top] = page.view;
  const pageArea = (right - left) * (top - bottom);
  for (const { argument, matrix } of await findImages(page)) {
    const [a, b, c, d] = matrix;
    if (Math.abs(a * d - b * c) < pageArea * LEAST_AREA) continue;
    const image = await loadImage(page, argument);
    if (!image) continue;
    const dpi = image.width / (Math.hypot(a, b) / 72);
    const angle = (Math.atan2(b, a) * 180) / Math.PI;
    const quarters = Math.round((page.rotate - angle) / 90);
    const coarse = shrink(toGray(image), Math.floor(dpi / ENOUGH_DPI));
    yield turn(coarse, quarters);
  }
}

/** Follows what is drawn, to know where, and how turned, images are. */
async function findImages(page: PdfPage): Promise<Placed[]> {
  const { OPS } = await getResolvedPDFJS();
  const { fnArray, argsArray } = await page.getOperatorList();
  const found: Placed[] = [];
  const saved: Matrix[] = [];
  let matrix: Matrix = [1, 0, 0, 1, 0, 0];
  fnArray.forEach((operation, index) => {
    const args = argsArray[index];
    switch (operation) {
      case OPS.save:
        saved.push(matrix);
        break;
      case OPS.paintFormXObjectBegin:
        saved.push(matrix);
        if (args[0]) matrix = multiply(matrix, args[0]);
        break;
      case OPS.restore:
      case OPS.paintFormXObjectEnd:
        matrix = saved.pop() ?? matrix;
        break;
      case OPS.transform:
        matrix = multiply(matrix, args);
        break;
      case OPS.paintImageXObject:
      case OPS.paintInlineImageXObject:
      case OPS.paintImageMaskXObject:
        found.push({ argument: args[0], matrix });
        break;
      default:
    }
  });
  return found;
}

/** An image is named, or given; a mask is one that names its bits. */
async function loadImage(
  page: PdfPage,
  argument: any,
): Promise<PdfImage | undefined> {
  const name = typeof argument === 'string' ? argument : argument?.data;
  const image =
    typeof name === 'string'
      ? await new Promise<any>(resolve =>
          (name.startsWith('g_') ? page.commonObjs : page.objs).get(
            name,
            resolve,
          ),
        )
      : argument;
  if (!image?.data || !image.width || !image.height) return undefined;
  const { width, height, data, kind = 1 } = image;
  return { width, height, data, kind };
}

function multiply(by: Matrix, m: Matrix | ArrayLike<number>): Matrix {
  const [a, b, c, d, e, f] = by;
  return [
    a * m[0] + c * m[1],
    b * m[0] + d * m[1],
    a * m[2] + c * m[3],
    b * m[2] + d * m[3],
    a * m[4] + c * m[5] + e,
    b * m[4] + d * m[5] + f,
  ];
}
