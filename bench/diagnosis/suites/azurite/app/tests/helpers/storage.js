// The storage as the tests use it.
import { AzureNamedKeyCredential, TableClient, TableServiceClient } from '@azure/data-tables'
import { AnonymousCredential, BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob'
import { newPipeline as newQueuePipeline, QueueServiceClient, StorageSharedKeyCredential as QueueCredential } from '@azure/storage-queue'

const ACCOUNT = process.env.STORAGE_ACCOUNT ?? 'fotolab'
const KEY = process.env.STORAGE_KEY ?? ''
const TIMEOUT = Number(process.env.STORAGE_TIMEOUT ?? 4000)
const RETRIES = Number(process.env.STORAGE_RETRIES ?? 2)

/** No answer is waited for longer than this. */
const inTime = { create: next => ({ sendRequest: request => next.sendRequest(Object.assign(request, { timeout: TIMEOUT })) }) }
const tableInTime = { policy: { name: 'inTime', sendRequest: (request, next) => next(Object.assign(request, { timeout: TIMEOUT })) }, position: 'perRetry' }
const options = { retryOptions: { maxTries: RETRIES + 1, retryDelayInMs: 200, maxRetryDelayInMs: 600 } }
const tableOptions = { additionalPolicies: [tableInTime], allowInsecureConnection: true, retryOptions: { maxRetries: RETRIES, retryDelayInMs: 200, maxRetryDelayInMs: 600 } }

function timed (pipeline) {
  pipeline.factories.unshift(inTime)
  return pipeline
}

export const credential = new StorageSharedKeyCredential(ACCOUNT, KEY)
export const blobs = new BlobServiceClient(process.env.BLOB_URL, timed(newPipeline(credential, options)))
export const queues = new QueueServiceClient(process.env.QUEUE_URL, timed(newQueuePipeline(new QueueCredential(ACCOUNT, KEY), options)))
export const tables = new TableServiceClient(process.env.TABLE_URL, new AzureNamedKeyCredential(ACCOUNT, KEY), tableOptions)
export const table = name => new TableClient(process.env.TABLE_URL, name, new AzureNamedKeyCredential(ACCOUNT, KEY), tableOptions)

/** Blobs for who has a signature and no key. */
export const signed = query => new BlobServiceClient(`${process.env.BLOB_URL}?${query}`, timed(newPipeline(new AnonymousCredential(), options)))
/** The same over TLS, by another name. */
export const vault = () => new BlobServiceClient(process.env.VAULT_URL, timed(newPipeline(credential, options)))

/** The text of a blob. */
export const textOf = async blob => (await blob.downloadToBuffer()).toString()

/** Puts a text into a blob. */
export const put = (container, name, text, more) => container.getBlockBlobClient(name).upload(text, Buffer.byteLength(text), more)

/** The status and the code with which something was refused. */
export async function refused (promise) {
  try {
    await promise
  } catch (error) {
    return { status: error.statusCode, code: error.code ?? error.details?.errorCode ?? error.details?.odataError?.code }
  }
  throw new Error('it was not refused')
}
