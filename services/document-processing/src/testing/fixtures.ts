import { Workbook } from 'exceljs';
import JSZip from 'jszip';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The same letter, scanned into several formats. */
export function readScan(
  name: `letter.${'jpg' | 'pdf' | 'png' | 'tiff'}` | 'turned.jpg',
): Buffer {
  // eslint-disable-next-line no-restricted-syntax -- tests run from the sources
  return readFileSync(join(__dirname, 'images', name));
}

/** Text at a place of a page, from the bottom left, in points. */
export type PdfText = { text: string; x: number; y: number; size?: number };

type PdfObject = string;

/** A PDF of pages with text in Helvetica; `image` pages hold a grey square instead. */
export function makePdf(
  pages: Array<PdfText[] | 'image'>,
  { encrypted = false }: { encrypted?: boolean } = {},
): Buffer {
  const objects: PdfObject[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Kids [${pages
      .map((_page, index) => `${5 + 2 * index} 0 R`)
      .join(' ')}] /Count ${pages.length} >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
    pdfStream(
      '\x80',
      '/Type /XObject /Subtype /Image /Width 1 /Height 1 /ColorSpace /DeviceGray /BitsPerComponent 8',
    ),
  ];
  pages.forEach((page, index) => {
    objects.push(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents ${
        6 + 2 * index
      } 0 R /Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >> >>`,
      pdfStream(
        page === 'image' ? 'q 600 0 0 700 0 0 cm /Im1 Do Q' : draw(page),
      ),
    );
  });
  return assemblePdf(objects, encrypted);
}

/** A PDF of one page that shows a JPEG image, turned as `rotate` says, in degrees. */
export function makeScannedPdf(
  jpeg: Buffer,
  size: { width: number; height: number; rotate?: number },
): Buffer {
  const { width, height, rotate = 0 } = size;
  const objects: PdfObject[] = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${width} ${height}] /Rotate ${rotate} /Contents 4 0 R /Resources << /XObject << /Im1 5 0 R >> >> >>`,
    pdfStream(`q ${width} 0 0 ${height} 0 0 cm /Im1 Do Q`),
    pdfStream(
      jpeg.toString('latin1'),
      `/Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /DCTDecode`,
    ),
  ];
  return assemblePdf(objects, false);
}

function draw(texts: PdfText[]): string {
  return texts
    .map(({ text, x, y, size = 11 }) => {
      const escaped = text.replace(/[\\()]/g, '\\$&');
      return `BT /F1 ${size} Tf ${x} ${y} Td (${escaped}) Tj ET`;
    })
    .join('\n');
}

function pdfStream(content: string, entries = ''): PdfObject {
  return `<< /Length ${content.length} ${entries} >>\nstream\n${content}\nendstream`;
}

function assemblePdf(objects: PdfObject[], encrypted: boolean): Buffer {
  let body = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = body.length;
    body += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const xref = [
    'xref',
    `0 ${objects.length + 1}`,
    '0000000000 65535 f ',
    ...offsets.map(offset => `${String(offset).padStart(10, '0')} 00000 n `),
  ].join('\n');
  const key = '00'.repeat(32);
  const lock = encrypted
    ? `/Encrypt << /Filter /Standard /V 1 /R 2 /O <${key}> /U <${key}> /P -4 >> /ID [<00> <00>]`
    : '';
  const trailer = `trailer\n<< /Size ${
    objects.length + 1
  } /Root 1 0 R ${lock} >>\nstartxref\n${body.length}\n%%EOF`;
  return Buffer.from(`${body}${xref}\n${trailer}`, 'latin1');
}

/** A page with a title, a heading, two paragraphs, a list and a table. */
export const LAYOUT_PAGE: PdfText[] = [
  { text: 'Annual report', x: 72, y: 720, size: 24 },
  { text: 'Summary', x: 72, y: 680, size: 15 },
  { text: 'Revenue grew in every region', x: 72, y: 655 },
  { text: 'and costs did not.', x: 72, y: 641 },
  { text: 'A second paragraph stands alone.', x: 72, y: 610 },
  { text: '\x95 first point', x: 72, y: 585 },
  { text: '\x95 second point', x: 72, y: 571 },
  { text: 'Region', x: 72, y: 540 },
  { text: 'Revenue', x: 200, y: 540 },
  { text: 'North', x: 72, y: 526 },
  { text: '12.5', x: 200, y: 526 },
  { text: 'South', x: 72, y: 512 },
  { text: '7', x: 200, y: 512 },
];

/** A Word document of the given body; `{break}` is a page break. */
export async function makeDocx(body: string): Promise<Buffer> {
  const zip = new JSZip();
  const types = 'http://schemas.openxmlformats.org/package/2006/content-types';
  const rels = 'http://schemas.openxmlformats.org/package/2006/relationships';
  const office =
    'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const main = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
  zip.file(
    '[Content_Types].xml',
    `<Types xmlns="${types}"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
  );
  zip.file(
    '_rels/.rels',
    `<Relationships xmlns="${rels}"><Relationship Id="r1" Type="${office}/officeDocument" Target="word/document.xml"/></Relationships>`,
  );
  zip.file(
    'word/document.xml',
    `<w:document xmlns:w="${main}"><w:body>${body}</w:body></w:document>`,
  );
  return zip.generateAsync({ type: 'nodebuffer', compression: 'DEFLATE' });
}

export const docx = {
  paragraph: (text: string, style?: string) =>
    `<w:p>${
      style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ''
    }<w:r><w:t>${text}</w:t></w:r></w:p>`,
  pageBreak: '<w:p><w:r><w:br w:type="page"/></w:r></w:p>',
  table: (rows: string[][]) =>
    `<w:tbl>${rows
      .map(
        row =>
          `<w:tr>${row
            .map(cell => `<w:tc>${docx.paragraph(cell)}</w:tc>`)
            .join('')}</w:tr>`,
      )
      .join('')}</w:tbl>`,
};

/** A workbook with the given rows per sheet. */
export async function makeXlsx(
  sheets: Record<string, Array<Array<string | number | Date | object | null>>>,
): Promise<Buffer> {
  const workbook = new Workbook();
  for (const [name, rows] of Object.entries(sheets)) {
    workbook.addWorksheet(name).addRows(rows);
  }
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/** An archive named like a document whose one part unpacks to a thousand times its size. */
export async function makeZipBomb(
  mainPart: 'word/document.xml' | 'xl/workbook.xml',
): Promise<Buffer> {
  const zip = new JSZip();
  zip.file(mainPart, Buffer.alloc(12 * 1024 * 1024));
  return zip.generateAsync({
    type: 'nodebuffer',
    compression: 'DEFLATE',
    compressionOptions: { level: 1 },
  });
}

export const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
