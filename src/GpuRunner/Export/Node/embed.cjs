// Embeds images with ONNX Runtime. Each line on standard input asks: {model, images, shape, embeddings, threads}, where images and embeddings are files of
// float32 numbers. Each is answered by a line on standard output: {version, shape} when the embeddings are in their file, or {error}.
'use strict';
const fs = require('fs');
const readline = require('readline');

const folder = process.argv[1];
let runtime;
let session;
let model;

async function embed(request) {
    runtime ??= require(require.resolve('onnxruntime-node', { paths: [folder] }));
    if (model !== request.model) {
        await session?.release();
        session = model = undefined;
        session = await runtime.InferenceSession.create(request.model, { executionProviders: ['cpu'], intraOpNumThreads: request.threads });
        model = request.model;
    }
    const bytes = fs.readFileSync(request.images);
    const images = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const { embedding } = await session.run({ images: new runtime.Tensor('float32', images, request.shape) });
    fs.writeFileSync(request.embeddings, new Uint8Array(embedding.data.buffer, embedding.data.byteOffset, embedding.data.byteLength));
    return { version: runtime.env.versions.node, shape: embedding.dims };
}

async function serve() {
    for await (const line of readline.createInterface({ input: process.stdin })) {
        const answer = await embed(JSON.parse(line)).catch(fault => ({ error: String(fault.message ?? fault) }));
        process.stdout.write(JSON.stringify(answer) + '\n');
    }
}

serve();
