# SPDX-License-Identifier: BSL-1.0
"""Signatures by keys: read from made-once/, or made anew with keys that exist for that long only."""
import os
import plistlib
import subprocess
import tempfile
from datetime import datetime

from signature import NO_CMS, blob

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "made-once")
_signer = None


def cms(name, directory):
    """The blob of the CMS signature `name`, which was made over `directory`."""
    path = os.path.join(FOLDER, name + ".cms")
    if _signer:
        _write(path, _signer.sign(directory))
    elif not os.path.exists(path):
        return NO_CMS
    with open(path, "rb") as file:
        return blob(0xFADE0B01, file.read())


def profile(name):
    path = os.path.join(FOLDER, name + ".provisionprofile")
    if _signer:
        _write(path, _signer.sign(_signer.profile(name), "-nodetach"))
    with open(path, "rb") as file:
        return file.read()


def start_signing(team, identifier, claim):
    global _signer
    _signer = _Signer(team, identifier, claim)


def _write(path, data):
    os.makedirs(FOLDER, exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


class _Signer:
    def __init__(self, team, identifier, claim):
        self.team, self.identifier, self.claim = team, identifier, claim
        self.folder = tempfile.TemporaryDirectory()
        self.key, self.certificate = (os.path.join(self.folder.name, name) for name in ("key", "certificate"))
        subject = "/UID=%s/CN=Developer ID Application: Example (%s)/OU=%s/O=Example/C=US" % (team, team, team)
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "36500",
                     "-subj", subject,
                     "-addext", "keyUsage=critical,digitalSignature", "-addext", "extendedKeyUsage=critical,codeSigning",
                     "-keyout", self.key, "-out", self.certificate)

    def openssl(self, *arguments, data=None):
        return subprocess.run(["openssl", *arguments], input=data, check=True, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE).stdout

    def sign(self, data, *more):
        return self.openssl("cms", "-sign", "-binary", "-nosmimecap", "-md", "sha256", "-outform", "DER", "-signer",
                            self.certificate, "-inkey", self.key, *more, data=data)

    def profile(self, name):
        """Of another application, or one whose time has passed; else it allows all that the program claims."""
        wrong = name == "profile-mismatch"
        application = self.team + "." + ("com.example.other" if wrong else self.identifier)
        expired = name == "profile-expired"
        return plistlib.dumps({
            "AppIDName": "Tool",
            "ApplicationIdentifierPrefix": [self.team],
            "CreationDate": datetime(2020, 1, 1),
            "DeveloperCertificates": [self.openssl("x509", "-in", self.certificate, "-outform", "DER")],
            "Entitlements": {
                "com.apple.application-identifier": application,
                "com.apple.developer.team-identifier": self.team,
                self.claim: True,
            },
            "ExpirationDate": datetime(2021, 1, 1) if expired else datetime(2060, 1, 1),
            "IsXcodeManaged": False,
            "Name": name,
            "Platform": ["OSX"],
            "ProvisionsAllDevices": True,
            "TeamIdentifier": [self.team],
            "TeamName": "Example",
            "TimeToLive": 365 if expired else 14610,
            "UUID": "00000000-0000-4000-8000-000000000000",
            "Version": 1,
        })
