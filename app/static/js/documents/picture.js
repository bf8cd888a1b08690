// Makes a photo small before it is sent: at most 2048 px a side, a plain JPEG, nothing of the camera left in it.
// What this browser can't decode (HEIC in Chrome) and what is no picture (PDF) is sent as it is; the server does it again anyway.

export const SIDE = 2048;
const QUALITY = 0.85;

/** Width and height within SIDE, in proportion; never larger than it was. */
export function fit(width, height, side = SIDE) {
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
}

/** A file name for what is now a JPEG. */
export function jpegName(name) {
  return `${(name || "photo").replace(/\.[A-Za-z0-9]{1,5}$/, "")}.jpg`;
}

/** The file as it goes out: { bytes: ArrayBuffer, filename, made: whether it was encoded anew, preview: Blob or null }. */
export async function prepared(file, { decode = decodeInBrowser, encode = encodeInBrowser } = {}) {
  if (file.type !== "application/pdf") {
    try {
      const image = await decode(file);
      const blob = await encode(image, ...fit(image.width, image.height));
      image.close?.();
      if (blob?.type === "image/jpeg") return { bytes: await blob.arrayBuffer(), filename: jpegName(file.name), made: true, preview: blob };
    } catch {
      // not for this browser
    }
  }
  return { bytes: await file.arrayBuffer(), filename: file.name || "file", made: false, preview: null };
}

/** Upright pixels of a file. Chrome before 112 does not know "from-image", and applies the orientation by itself. */
export async function decodeInBrowser(file) {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    if (error instanceof TypeError) return createImageBitmap(file);
    return decodeByElement(file);
  }
}

/** Safari decodes HEIC in an <img>, not always in createImageBitmap. */
async function decodeByElement(file) {
  const url = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    return Object.assign(image, { width: image.naturalWidth, height: image.naturalHeight });
  } finally {
    URL.revokeObjectURL(url);
  }
}

/** Pixels to a JPEG; what is see-through becomes white. */
export async function encodeInBrowser(image, width, height) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, width, height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, width, height);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
}
