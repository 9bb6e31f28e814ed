// Calls that must fail, with the official Node SDK: prints class and code of each exception.
const { vod } = require("tencentcloud-sdk-nodejs-vod");

const [address, secretId, secretKey] = process.argv.slice(2);

function connect(id, key) {
  return new vod.v20180717.Client({
    credential: { secretId: id, secretKey: key },
    region: "ap-guangzhou",
    profile: { httpProfile: { endpoint: address, protocol: "http://" } },
  });
}

async function main() {
  const client = connect(secretId, secretKey);
  const calls = {
    signature: () => connect(secretId, "wrong").DescribeEventConfig({}),
    key: () => connect("AKIDnobody", "wrong").DescribeEventConfig({}),
    handle: () => client.ConfirmEvents({ EventHandles: ["1"] }),
    type: () => client.ApplyUpload({ MediaType: "exe" }),
    missing: () => client.ApplyUpload({}),
    mode: () => client.ModifyEventConfig({ Mode: "SHOUT" }),
  };
  const found = {};
  for (const [name, call] of Object.entries(calls)) {
    found[name] = await call().then(
      () => "no error",
      (error) => [error.constructor.name, error.code, typeof error.requestId],
    );
  }
  console.log(JSON.stringify(found));
}

main();
