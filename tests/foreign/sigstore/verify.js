// Checks each event of a pack that was unpacked with @sigstore/verify: checkpoint and inclusion. node verify.js FOLDER
const fs = require('fs');
const path = require('path');
const crypto = require('crypto');
// its two steps for a transparency log; the package has no other door to them
const inside = path.join(path.dirname(require.resolve('@sigstore/verify')), 'timestamp');
const { verifyCheckpoint } = require(path.join(inside, 'checkpoint.js'));
const { verifyMerkleInclusion } = require(path.join(inside, 'merkle.js'));

const folder = process.argv[2];
const read = (name) => fs.readFileSync(path.join(folder, name));

function logs() {
  const lines = read('policy').toString().split('\n').map((line) => line.split(/\s+/));
  return lines.filter(([word]) => word === 'log').map(([, vkey], number) => ({
    name: vkey.split('+')[0],
    logID: Buffer.from(vkey.split('+')[1], 'hex'),
    publicKey: crypto.createPublicKey(read(`keys/log-${number + 1}.pem`)),
    validFor: { start: new Date(0), end: new Date(8640000000000000) },
  }));
}

// the library wants every signature under the note to be a log's, so those of the witnesses are left to others
function signedByLogs(note, authorities) {
  const [text, signatures] = note.split('\n\n');
  const ids = authorities.map(({ logID }) => logID.toString('hex'));
  const own = signatures.split('\n').filter((line) => {
    const signature = Buffer.from(line.split(' ')[2] || '', 'base64');
    return ids.includes(signature.subarray(0, 4).toString('hex'));
  });
  return `${text}\n\n${own.map((line) => `${line}\n`).join('')}`;
}

const authorities = logs();
const files = fs.readdirSync(path.join(folder, 'proofs'));
for (const file of files) {
  try {
    const [head, ...rest] = read(`proofs/${file}`).toString().split('\n\n');
    const note = rest.join('\n\n');
    const [, index, ...hashes] = head.split('\n');
    const [, size, root] = note.split('\n');
    const entry = {
      integratedTime: '0',
      canonicalizedBody: read(`leaves/${file.replace('.tlog-proof', '.json')}`),
      inclusionProof: {
        logIndex: index.replace('index ', ''),
        treeSize: size,
        rootHash: Buffer.from(root, 'base64'),
        hashes: hashes.map((hash) => Buffer.from(hash, 'base64')),
        checkpoint: { envelope: signedByLogs(note, authorities) },
      },
    };
    verifyCheckpoint(entry, authorities);
    verifyMerkleInclusion(entry);
  } catch (error) {
    console.log(`NOT OK proofs/${file}: ${error.message}`);
    process.exit(1);
  }
}
console.log(`OK ${files.length} events`);
