// SPDX-License-Identifier: BSL-1.0
// The other files of this program are a public header each: that they compile is what is tested.
int main() {}
