/** An image as pdf.js decodes it. */
export type PdfImage = {
  width: number;
  height: number;
  /** Bits (1 is white, rows begin with a byte), RGB, or RGBA. */
  kind: 1 | 2 | 3;
  data: Uint8Array | Uint8ClampedArray;
};

/** An image of shades of grey, a byte each. */
export type GrayImage = { width: number; height: number; data: Uint8Array };

/** Transparent is white, as paper is. */
export function toGray({ width, height, kind, data }: PdfImage): GrayImage {
  const gray = new Uint8Array(width * height);
  if (kind === 1) {
    const rowBytes = Math.ceil(width / 8);
    for (let y = 0, to = 0; y < height; y++) {
      for (let x = 0; x < width; x++, to++) {
        const byte = data[y * rowBytes + (x >> 3)];
        gray[to] = (byte >> (7 - (x & 7))) & 1 ? 255 : 0;
      }
    }
    return { width, height, data: gray };
  }
  const step = kind === 2 ? 3 : 4;
  for (let to = 0, from = 0; to < gray.length; to++, from += step) {
    const shade =
      (data[from] * 77 + data[from + 1] * 150 + data[from + 2] * 29) >> 8;
    const alpha = kind === 3 ? data[from + 3] : 255;
    gray[to] = (255 - ((255 - shade) * alpha) / 255) | 0;
  }
  return { width, height, data: gray };
}

/** Makes one pixel of a square of pixels, whose side is `factor`. */
export function shrink(image: GrayImage, factor: number): GrayImage {
  if (factor <= 1) return image;
  const width = Math.floor(image.width / factor);
  const height = Math.floor(image.height / factor);
  const data = new Uint8Array(width * height);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = 0; x < width; x++, to++) {
      let sum = 0;
      for (let row = 0; row < factor; row++) {
        const from = (y * factor + row) * image.width + x * factor;
        for (let at = 0; at < factor; at++) sum += image.data[from + at];
      }
      data[to] = sum / (factor * factor);
    }
  }
  return { width, height, data };
}

/** Turns clockwise, by quarters. */
export function turn(image: GrayImage, quarters: number): GrayImage {
  let turned = image;
  for (let left = ((quarters % 4) + 4) % 4; left > 0; left--) {
    turned = turnOnce(turned);
  }
  return turned;
}

/** As a file in the simplest of all formats, PGM. */
export function toPgm({ width, height, data }: GrayImage): Uint8Array {
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`), data]);
}

function turnOnce({ width, height, data }: GrayImage): GrayImage {
  const turned = new Uint8Array(data.length);
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0; x < width; x++, from++) {
      turned[x * height + (height - 1 - y)] = data[from];
    }
  }
  return { width: height, height: width, data: turned };
}
