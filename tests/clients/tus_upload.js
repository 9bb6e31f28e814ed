// Uploads with tus-js-client. Arguments: server, token, a file, bytes of a chunk ("" for one
// request), and how many bytes to send before the first client is given up ("" for all). Prints the
// URL of the upload and the id of the file.
const fs = require("fs");
const tus = require("tus-js-client");

const [server, token, path, chunk, stopAfter] = process.argv.slice(2);
let fileId;

const options = {
  endpoint: `${server}/api/v1/uploads`,
  headers: { Authorization: `Bearer ${token}` },
  metadata: { filename: "with tus.wmv", title: "Mit tus – ein Film" },
  chunkSize: chunk ? Number(chunk) : Infinity,
  uploadSize: fs.statSync(path).size,
  retryDelays: [0, 100, 300, 1000, 3000],
  onAfterResponse: (request, response) => {
    fileId = response.getHeader("X-Hookreel-File-Id") || fileId;
  },
};

function send(url) {
  return new Promise((resolve, reject) => {
    const upload = new tus.Upload(fs.createReadStream(path), {
      ...options,
      uploadUrl: url,
      onError: reject,
      onSuccess: () => resolve(upload.url),
      onChunkComplete: (_, sent) => {
        if (url || !stopAfter || sent < Number(stopAfter)) return;
        upload.abort().then(() => resolve(upload.url));
      },
    });
    upload.start();
  });
}

async function main() {
  const url = await send(null);
  if (stopAfter) await send(url);
  console.log(JSON.stringify({ url, fileId }));
}

main().catch((error) => {
  console.error(String(error));
  process.exit(1);
});
