// What the lab's team relies on where blobs are kept.
import { generateBlobSASQueryParameters, BlobSASPermissions } from '@azure/storage-blob'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { blobs, credential, put, refused, signed, textOf, vault } from './helpers/storage.js'
import { unique, waitFor } from './helpers/wait.js'

describe('Pictures', () => {
  let container

  beforeEach(async () => {
    container = blobs.getContainerClient(unique('album'))
    await container.create()
  })

  afterEach(async () => {
    await container.deleteIfExists()
  })

  it('are kept with their type and what is known of them', async () => {
    await put(container, 'harbour.jpg', 'a harbour in fog', { blobHTTPHeaders: { blobContentType: 'image/jpeg' }, metadata: { camera: 'leica', film: 'hp5' } })
    const blob = container.getBlobClient('harbour.jpg')
    const { contentType, contentLength, metadata } = await blob.getProperties()
    expect({ contentType, contentLength, metadata }).toEqual({ contentType: 'image/jpeg', contentLength: 16, metadata: { camera: 'leica', film: 'hp5' } })
    expect(await textOf(blob)).toBe('a harbour in fog')
  })

  it('are listed by folder, page by page', async () => {
    for (const name of ['north/1.jpg', 'north/2.jpg', 'north/3.jpg', 'south/1.jpg']) await put(container, name, name)
    const pages = []
    for await (const page of container.listBlobsFlat({ prefix: 'north/' }).byPage({ maxPageSize: 2 })) {
      pages.push(page.segment.blobItems.map(({ name }) => name))
    }
    expect(pages).toEqual([['north/1.jpg', 'north/2.jpg'], ['north/3.jpg']])
  })

  it('have folders that can be counted', async () => {
    for (const name of ['north/1.jpg', 'north/2.jpg', 'south/1.jpg', 'cover.jpg']) await put(container, name, name)
    const found = { folders: [], files: [] }
    for await (const item of container.listBlobsByHierarchy('/')) found[item.kind === 'prefix' ? 'folders' : 'files'].push(item.name)
    expect(found).toEqual({ folders: ['north/', 'south/'], files: ['cover.jpg'] })
  })

  it('are replaced only by whoever knows the latest version', async () => {
    const blob = container.getBlockBlobClient('gate.jpg')
    const { etag } = await put(container, 'gate.jpg', 'the former try')
    await put(container, 'gate.jpg', 'the second try', { conditions: { ifMatch: etag } })
    expect(await refused(put(container, 'gate.jpg', 'the third try', { conditions: { ifMatch: etag } }))).toEqual({ status: 412, code: 'ConditionNotMet' })
    expect(await textOf(blob)).toBe('the second try')
  })

  it('are written once and never again', async () => {
    const once = { conditions: { ifNoneMatch: '*' } }
    await put(container, 'negative.tif', 'film 12, frame 4', once)
    expect((await refused(put(container, 'negative.tif', 'film 12, frame 5', once))).status).toBe(409)
    expect(await textOf(container.getBlobClient('negative.tif'))).toBe('film 12, frame 4')
  })

  it('can be reserved while somebody retouches them', async () => {
    await put(container, 'portrait.jpg', 'under the shadow')
    const lease = container.getBlobClient('portrait.jpg').getBlobLeaseClient()
    const { leaseId } = await lease.acquireLease(30)
    expect(await refused(put(container, 'portrait.jpg', 'of somebody else'))).toEqual({ status: 412, code: 'LeaseIdMissing' })
    await put(container, 'portrait.jpg', 'without a shadow', { conditions: { leaseId } })
    await lease.releaseLease()
    const { leaseState } = await container.getBlobClient('portrait.jpg').getProperties()
    expect(leaseState).toBe('available')
    expect(await textOf(container.getBlobClient('portrait.jpg'))).toBe('without a shadow')
  })

  it('keep how they were before', async () => {
    await put(container, 'street.jpg', 'in colour')
    const blob = container.getBlobClient('street.jpg')
    const { snapshot } = await blob.createSnapshot()
    await put(container, 'street.jpg', 'in black and white')
    expect(await textOf(blob.withSnapshot(snapshot))).toBe('in colour')
    expect(await textOf(blob)).toBe('in black and white')
  })

  it('are put together from strips', async () => {
    const blob = container.getBlockBlobClient('panorama.jpg')
    const ids = ['left', 'middle', 'right'].map(name => Buffer.from(name.padEnd(8)).toString('base64'))
    for (const [place, text] of ['mountains ', 'lake ', 'forest'].entries()) await blob.stageBlock(ids[place], text, text.length)
    await blob.commitBlockList(ids)
    const { committedBlocks } = await blob.getBlockList('committed')
    expect(committedBlocks.map(({ size }) => size)).toEqual([10, 5, 6])
    expect((await blob.downloadToBuffer(10, 4)).toString()).toBe('lake')
  })

  it('are copied into another album', async () => {
    await put(container, 'wedding.jpg', 'the kiss', { metadata: { film: 'portra' } })
    const copy = container.getBlobClient('copies/wedding.jpg')
    const poller = await copy.beginCopyFromURL(container.getBlobClient('wedding.jpg').url, { intervalInMs: 200 })
    expect((await poller.pollUntilDone()).copyStatus).toBe('success')
    expect((await copy.getProperties()).metadata).toEqual({ film: 'portra' })
    expect(await textOf(copy)).toBe('the kiss')
  })

  it('are gone once they are deleted', async () => {
    await put(container, 'blurred.jpg', 'nothing to be seen')
    const blob = container.getBlobClient('blurred.jpg')
    expect(await blob.exists()).toBe(true)
    await blob.delete()
    expect(await blob.exists()).toBe(false)
    expect(await refused(blob.download())).toMatchObject({ status: 404 })
  })

  it('are shown to customers by a signature, and only what it names', async () => {
    await put(container, 'proof.jpg', 'a proof')
    await put(container, 'private.jpg', 'not for you')
    const names = { containerName: container.containerName, blobName: 'proof.jpg' }
    const query = generateBlobSASQueryParameters({ ...names, permissions: BlobSASPermissions.parse('r'), expiresOn: new Date(Date.now() + 120_000) }, credential)
    const guest = signed(query).getContainerClient(container.containerName)
    expect(await textOf(guest.getBlobClient('proof.jpg'))).toBe('a proof')
    expect((await refused(guest.getBlobClient('private.jpg').download())).status).toBe(403)
    expect((await refused(guest.getBlobClient('proof.jpg').delete())).status).toBe(403)
  })

  it('are in the vault, too', async () => {
    await put(container, 'certificate.tif', 'number 7 of 12')
    const blob = vault().getContainerClient(container.containerName).getBlobClient('certificate.tif')
    await blob.setMetadata({ owner: 'museum' })
    expect((await container.getBlobClient('certificate.tif').getProperties()).metadata).toEqual({ owner: 'museum' })
    expect(await textOf(blob)).toBe('number 7 of 12')
  })

  it('have a log that only grows', async () => {
    const log = container.getAppendBlobClient('darkroom.log')
    await log.create()
    for (const line of ['developer 20 C\n', 'stop bath\n', 'fixer\n']) await log.appendBlock(line, line.length)
    const lines = (await textOf(log)).trim().split('\n')
    expect(lines).toEqual(['developer 20 C', 'stop bath', 'fixer'])
  })

  it('change their tier when they are put away', async () => {
    await put(container, '1998.zip', 'negatives of 1998')
    const blob = container.getBlobClient('1998.zip')
    await blob.setAccessTier('Cool')
    const tier = await waitFor('the archive', async () => {
      const { accessTier } = await blob.getProperties()
      return accessTier === 'Cool' && accessTier
    }, { timeout: 3000 })
    expect(tier).toBe('Cool')
  })
})
