// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/runtime/tls_identity.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

namespace runtime {

namespace {

constexpr std::size_t pemBytesMax = 1024 * 1024;

std::string readPem(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        throw TlsError("cannot read " + path + ": " + std::strerror(errno));
    std::string text(std::istreambuf_iterator<char>(file), {});
    if (text.size() > pemBytesMax)
        throw TlsError(path + " is too large for a PEM file");
    return text;
}

// The reason OpenSSL gives last, and none of the others kept for later.
std::string lastReason()
{
    const unsigned long code = ERR_peek_last_error();
    const char* reason = code ? ERR_reason_error_string(code) : nullptr;
    std::string text = reason ? reason : "not readable as PEM";
    ERR_clear_error();
    return text;
}

// What tells one state of the files from another: a rename into place changes the inode, an edit the time or size.
std::string lookOf(const TlsIdentity::Files& files)
{
    std::string look;
    for (const std::string* path : {&files.certificate, &files.key}) {
        struct stat facts{};
        if (::stat(path->c_str(), &facts) == 0)
            look += std::to_string(facts.st_ino) + ':' + std::to_string(facts.st_size) + ':' +
                    std::to_string(facts.st_mtim.tv_sec) + '.' + std::to_string(facts.st_mtim.tv_nsec) + ' ';
        else
            look += "none ";
    }
    return look;
}

void limit(SSL_CTX* context)
{
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_IGNORE_UNEXPECTED_EOF |
                                     SSL_OP_CIPHER_SERVER_PREFERENCE);
    // Released buffers: an idle connection keeps no 34 KB of them.
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    // Returning visitors resume by tickets, which cost the server no memory.
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
}

} // namespace

TlsIdentity::TlsIdentity(const Files& files)
    : m_certificatePem(readPem(files.certificate)), m_keyPem(readPem(files.key))
{
    m_context.reset(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
    if (!m_context)
        throw TlsError("OpenSSL: " + lastReason());
    limit(m_context.get());
    if (SSL_CTX_use_certificate_chain_file(m_context.get(), files.certificate.c_str()) != 1)
        throw TlsError("the certificate " + files.certificate + " cannot be used: " + lastReason());
    if (SSL_CTX_use_PrivateKey_file(m_context.get(), files.key.c_str(), SSL_FILETYPE_PEM) != 1)
        throw TlsError("the key " + files.key + " cannot be used with " + files.certificate + ": " + lastReason());
    if (SSL_CTX_check_private_key(m_context.get()) != 1)
        throw TlsError("the key " + files.key + " does not belong to " + files.certificate);
}

TlsIdentityHolder::TlsIdentityHolder(TlsIdentity::Files files)
    : m_files(std::move(files)), m_seen(lookOf(m_files)), m_current(std::make_shared<const TlsIdentity>(m_files))
{
}

TlsIdentityHolder::Reload TlsIdentityHolder::reloadIfChanged(std::string& problem)
{
    const std::string look = lookOf(m_files);
    if (look == m_seen)
        return Reload::Unchanged;
    m_seen = look;
    try {
        m_current.store(std::make_shared<const TlsIdentity>(m_files));
        return Reload::Loaded;
    } catch (const TlsError& error) {
        problem = error.what();
        return Reload::Failed;
    }
}

} // namespace runtime
