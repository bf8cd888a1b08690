// A browser's part of web push by somebody else's hand: keys from Node's crypto, decryption by the npm package http_ece.
// `keys` prints a subscription's keys as JSON; `open` reads {keys, body} and prints the message.
import { createECDH, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import ece from "http_ece";

if (process.argv[2] === "keys") {
  const curve = createECDH("prime256v1");
  const p256dh = curve.generateKeys("base64url");
  console.log(JSON.stringify({ p256dh, secret: curve.getPrivateKey("base64url"), auth: randomBytes(16).toString("base64url") }));
} else {
  const { keys, body } = JSON.parse(await text(process.stdin));
  const curve = createECDH("prime256v1");
  curve.setPrivateKey(keys.secret, "base64url");
  const options = { version: "aes128gcm", privateKey: curve, authSecret: keys.auth };
  process.stdout.write(ece.decrypt(Buffer.from(body, "base64url"), options));
}
