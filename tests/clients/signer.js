// Signs one body with unmodified libraries, as foreign senders do, and prints a line of JSON: the
// fields of each request. Arguments: SECRET BODY.
const crypto = require("node:crypto");
const { Webhook } = require("standardwebhooks");
const svix = require("svix");

const [secret, body] = process.argv.slice(2);
const now = new Date();
const id = "msg_1";

function fields(signature) {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
}

const { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519");
const content = Buffer.from(`${id}.${Math.floor(now.getTime() / 1000)}.${body}`);
const ed25519 = crypto.sign(null, content, privateKey).toString("base64");
const key = Buffer.from(publicKey.export({ format: "jwk" }).x, "base64url").toString("base64");

console.log(JSON.stringify({
  public_key: `whpk_${key}`,
  standardwebhooks: fields(new Webhook(secret).sign(id, now, body)),
  svix: fields(new svix.Webhook(secret).sign(id, now, body)),
  node: fields(`v1a,${ed25519}`),
}));
