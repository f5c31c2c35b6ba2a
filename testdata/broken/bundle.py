# SPDX-License-Identifier: BSL-1.0
"""What lies around a program in an application: Info.plist and the list of sealed files."""
import base64
import hashlib

from signature import plist

IDENTIFIER = b"com.example.tool"
RULES = (b"\t<key>rules2</key>\n\t<dict>\n\t\t<key>^.*</key>\n\t\t<true/>\n"
         b"\t\t<key>^Info\\.plist$</key>\n\t\t<dict>\n\t\t\t<key>omit</key>\n\t\t\t<true/>\n"
         b"\t\t\t<key>weight</key>\n\t\t\t<real>20</real>\n\t\t</dict>\n"
         b"\t\t<key>^[^/]+$</key>\n\t\t<dict>\n\t\t\t<key>nested</key>\n\t\t\t<true/>\n"
         b"\t\t\t<key>weight</key>\n\t\t\t<real>10</real>\n\t\t</dict>\n"
         b"\t\t<key>^embedded\\.provisionprofile$</key>\n\t\t<dict>\n\t\t\t<key>weight</key>\n\t\t\t<real>20</real>\n"
         b"\t\t</dict>\n\t</dict>\n")


def info_plist(version=b"1.0"):
    values = {b"CFBundleExecutable": b"tool", b"CFBundleIdentifier": IDENTIFIER, b"CFBundlePackageType": b"APPL",
              b"CFBundleShortVersionString": version}
    return plist(b"<dict>\n" + b"".join(b"\t<key>%s</key>\n\t<string>%s</string>\n" % each for each in values.items()) +
                 b"</dict>")


def _data(bytes_):
    return b"<data>" + base64.b64encode(bytes_) + b"</data>"


def code_resources(files):
    """`files`: path below Contents → bytes."""
    old = b"".join(b"\t\t<key>%s</key>\n\t\t%s\n" % (path, _data(hashlib.sha1(data).digest()))
                   for path, data in sorted(files.items()))
    new = b"".join(b"\t\t<key>%s</key>\n\t\t<dict>\n\t\t\t<key>hash2</key>\n\t\t\t%s\n\t\t</dict>\n" %
                   (path, _data(hashlib.sha256(data).digest())) for path, data in sorted(files.items()))
    return plist(b"<dict>\n\t<key>files</key>\n\t<dict>\n" + old + b"\t</dict>\n\t<key>files2</key>\n\t<dict>\n" + new +
                 b"\t</dict>\n" + b"\t<key>rules</key>\n\t<dict>\n\t\t<key>^.*</key>\n\t\t<true/>\n\t</dict>\n" + RULES +
                 b"</dict>")
