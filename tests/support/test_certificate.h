// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QFile>
#include <QString>

#include <memory>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

// A certificate for localhost and 127.0.0.1 that signs itself: whoever trusts it as an authority trusts the server.
class TestCertificate {
public:
    // Writes NAME.pem and NAME.key into the folder, over what was there.
    TestCertificate(const QString& folder, const QString& name, long serial)
        : certificate(folder + QDir::separator() + name + QStringLiteral(".pem")),
          key(folder + QDir::separator() + name + QStringLiteral(".key"))
    {
        const std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> pair(EVP_EC_gen("P-256"), EVP_PKEY_free);
        const std::unique_ptr<X509, decltype(&X509_free)> made(X509_new(), X509_free);
        X509_set_version(made.get(), 2);
        ASN1_INTEGER_set(X509_get_serialNumber(made.get()), serial);
        X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
        X509_gmtime_adj(X509_getm_notAfter(made.get()), 24L * 3600);
        X509_set_pubkey(made.get(), pair.get());
        X509_NAME* subject = X509_get_subject_name(made.get());
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("localhost"), -1,
                                   -1, 0);
        X509_set_issuer_name(made.get(), subject);
        extend(made.get(), NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1");
        extend(made.get(), NID_basic_constraints, "critical,CA:TRUE");
        X509_sign(made.get(), pair.get(), EVP_sha256());
        write(certificate, [&](BIO* out) { PEM_write_bio_X509(out, made.get()); });
        write(key, [&](BIO* out) { PEM_write_bio_PrivateKey(out, pair.get(), nullptr, nullptr, 0, nullptr, nullptr); });
    }

    QString certificate, key;

private:
    static void extend(X509* made, int nid, const char* value)
    {
        X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, nullptr, nid, value);
        X509_add_ext(made, extension, -1);
        X509_EXTENSION_free(extension);
    }

    template <class Put> static void write(const QString& path, Put put)
    {
        const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), BIO_free);
        put(memory.get());
        char* data = nullptr;
        const long bytes = BIO_get_mem_data(memory.get(), &data);
        // Renamed into place, as the programs that renew certificates do.
        QFile file(path + QStringLiteral(".new"));
        if (file.open(QIODevice::WriteOnly))
            file.write(data, bytes);
        file.close();
        QFile::remove(path);
        file.rename(path);
    }
};
