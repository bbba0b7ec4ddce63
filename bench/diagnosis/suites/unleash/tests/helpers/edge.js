// What applications see: the edge in front of Unleash.
import axios from 'axios'

export const EDGE = process.env.UNLEASH_EDGE_URL ?? 'http://localhost:4242'

export function application (token) {
  return axios.create({
    baseURL: EDGE,
    timeout: Number(process.env.EDGE_TIMEOUT ?? 4000),
    headers: { Authorization: token, 'Unleash-AppName': 'shop', 'Unleash-InstanceId': 'test-1' }
  })
}
