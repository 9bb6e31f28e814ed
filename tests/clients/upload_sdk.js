// An upload with vod-node-sdk. Arguments: address, key id, key, a film, a cover. Prints its answer.
//
// The SDK has no setting for its two addresses, so its own methods are given other clients.
const COS = require("cos-nodejs-sdk-v5");
const { vod } = require("tencentcloud-sdk-nodejs-vod");
const { VodUploadClient, VodUploadRequest } = require("vod-node-sdk");

const [address, secretId, secretKey, film, cover] = process.argv.slice(2);
const api = new vod.v20180717.Client({
  credential: { secretId, secretKey },
  region: "",
  profile: { httpProfile: { endpoint: address, protocol: "http://" } },
});
// Of an SDK's request only what was set.
const plain = (request) => JSON.parse(JSON.stringify(request, (_, value) => value ?? undefined));

class Uploader extends VodUploadClient {
  async applyUpload(_, request) {
    // What the upload SDK adds for itself is no parameter of the API.
    const { MediaFilePath, CoverFilePath, ConcurrentUploadNumber, ...fields } = plain(request);
    this.applied = await api.ApplyUpload(fields);
    return this.applied;
  }

  parseStreamingManifest(_, request) {
    return api.ParseStreamingManifest(plain(request));
  }

  commitUpload(_, request) {
    return api.CommitUpload(plain(request));
  }

  cosUpload(_, bucket, region, key, filePath) {
    const keys = this.applied.TempCertificate;
    const cos = new COS({
      SecretId: keys.SecretId, SecretKey: keys.SecretKey, SecurityToken: keys.Token,
      Protocol: "http:", Domain: `${address}/cos/{Bucket}`,
    });
    return super.cosUpload(cos, bucket, region, key.replace(/^\//, ""), filePath);
  }
}

const request = new VodUploadRequest();
request.MediaFilePath = film;
request.CoverFilePath = cover;
new Uploader(secretId, secretKey).upload("ap-guangzhou", request, (error, answer) => {
  if (error) throw error;
  console.log(JSON.stringify(answer));
});
