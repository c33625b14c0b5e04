import { InvalidInputError } from '@genai-environments/service-kit';
import { IMAGE_MEDIA_TYPES, type ImagePart } from '../domain/content';

const DATA_URL = /^data:([a-z0-9.+/-]{1,100});base64,/i;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/**
 * Reads an image that stands in the request itself.
 *
 * @throws InvalidInputError for the address of an image elsewhere, and for other formats
 */
export function readImage(url: string, model: string): ImagePart {
  const match = DATA_URL.exec(url);
  if (!match) {
    throw new InvalidInputError(
      `Model "${model}" does not fetch images. Send the image itself: data:image/png;base64,…`,
      { code: 'unsupported_content' },
    );
  }
  return toImagePart(match[1].toLowerCase(), url.slice(match[0].length));
}

/** @throws InvalidInputError for other formats than those of {@link IMAGE_MEDIA_TYPES} */
export function toImagePart(mediaType: string, data: string): ImagePart {
  const known = IMAGE_MEDIA_TYPES.find(type => type === mediaType);
  if (!known) {
    throw new InvalidInputError(
      `An image is of type "${mediaType}". Send one of: ${IMAGE_MEDIA_TYPES.join(
        ', ',
      )}.`,
      { code: 'unsupported_content' },
    );
  }
  if (!BASE64.test(data)) {
    throw new InvalidInputError(
      'The data of an image is not base64 (RFC 4648, without line ends).',
      { code: 'invalid_image' },
    );
  }
  return { type: 'image', mediaType: known, data };
}
