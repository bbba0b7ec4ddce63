// The lab's way to its storage: three services, one account.
import { AzureNamedKeyCredential, TableClient } from '@azure/data-tables'
import { BlobServiceClient, newPipeline, StorageSharedKeyCredential } from '@azure/storage-blob'
import { newPipeline as newQueuePipeline, QueueServiceClient, StorageSharedKeyCredential as QueueCredential } from '@azure/storage-queue'

const ACCOUNT = process.env.LAB_ACCOUNT ?? 'fotolab'
const KEY = process.env.LAB_KEY ?? ''
const TIMEOUT = Number(process.env.LAB_STORAGE_TIMEOUT ?? 3000)
const RETRIES = Number(process.env.LAB_STORAGE_RETRIES ?? 2)

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
export const orders = new TableClient(process.env.TABLE_URL, 'orders', new AzureNamedKeyCredential(ACCOUNT, KEY), tableOptions)
export const pictures = blobs.getContainerClient('pictures')
export const prints = blobs.getContainerClient('prints')
export const jobs = queues.getQueueClient('jobs')

/** Makes what is not there yet. */
export async function open () {
  await orders.createTable()
  await pictures.createIfNotExists()
  await prints.createIfNotExists()
  await jobs.createIfNotExists()
}
