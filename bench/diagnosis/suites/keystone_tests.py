"""What users of Keystone test beside what its client's own tests look at: things that end at a time of day."""

import datetime
import uuid

from keystoneauth1 import session
from keystoneauth1.identity import v3
from keystoneclient.tests.functional import base
from keystoneclient.v3 import client


def in_an_hour():
    return datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) + datetime.timedelta(hours=1)


class ExpiryTestCase(base.V3ClientTestCase):
    def test_application_credential(self):
        name = uuid.uuid4().hex
        credential = self.client.application_credentials.create(name=name, expires_at=in_an_hour())
        self.addCleanup(self.client.application_credentials.delete, credential)
        self.assertEqual(name, credential.name)
        names = [each.name for each in self.client.application_credentials.list()]
        self.assertIn(name, names)

    def test_trust(self):
        user = self.client.users.create(name=uuid.uuid4().hex, domain=self.project_domain_id)
        self.addCleanup(self.client.users.delete, user)
        trust = self.client.trusts.create(
            trustee_user=user.id,
            trustor_user=self.user_id,
            project=self.project_id,
            role_names=["admin"],
            expires_at=in_an_hour(),
        )
        self.addCleanup(self.client.trusts.delete, trust)
        self.assertIn(trust.id, [each.id for each in self.client.trusts.list()])

    def test_a_token_of_a_script(self):
        """A script is handed a token and cannot get another one."""
        auth = self.client.session.auth
        token = auth.get_token(self.client.session)
        script = session.Session(v3.Token(auth.auth_url, token, project_id=self.project_id, reauthenticate=False))
        keystone = client.Client(session=script, endpoint_override=auth.auth_url)
        name = uuid.uuid4().hex
        region = keystone.regions.create(id=name)
        self.addCleanup(self.client.regions.delete, name)
        self.assertEqual(name, region.id)
        self.assertEqual(name, keystone.regions.get(name).id)
